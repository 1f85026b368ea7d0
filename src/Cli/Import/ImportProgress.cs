using System.Collections.Concurrent;
using Spectre.Console;

namespace Cli.Import;

/// <summary>Told how an import gets on.</summary>
internal interface IImportProgress
{
    void Begin(string step, int total);

    void Advance(string step);
}

/// <summary>One progress bar per step, on standard error, so that standard output stays for the result.</summary>
internal sealed class ProgressBars(ProgressContext context) : IImportProgress
{
    private readonly ConcurrentDictionary<string, ProgressTask> bars = new();

    public void Begin(string step, int total) => bars[step] = context.AddTask(step, maxValue: Math.Max(total, 1));

    public void Advance(string step) => bars[step].Increment(1);

    public static Task<T> Show<T>(Func<IImportProgress, Task<T>> work) =>
        Output.Error.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressBars(context)));
}
