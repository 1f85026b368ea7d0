using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MessageFaults;

/// <summary>A worker in a process of its own.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>Name of the endpoint and its queue.</summary>
    public const string Endpoint = "Chaos.Worker";

    internal const string Ready = "The worker handles messages.";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> lastWords = [];
    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    /// <summary>Ends when the process has.</summary>
    public Task Exited => process.WaitForExitAsync();

    public bool HasExited => process.HasExited;

    /// <summary>What it has used of all processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="killAt">Where it kills itself.</param>
    /// <param name="killAfter">At which time that it gets there.</param>
    public static WorkerProcess Start(string database, string broker, Step killAt = Step.None, int killAfter = 1)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    typeof(WorkerProcess).Assembly.Location,
                    $"--KillAt={killAt}",
                    $"--KillAfter={killAfter}",
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["ConnectionStrings__commerce"] = database,
                    ["ConnectionStrings__rabbitmq"] = broker,
                },
            },
        };
        var worker = new WorkerProcess(process);
        process.OutputDataReceived += (_, line) => worker.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => worker.Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Returns when it handles messages, or has ended.</summary>
    public async Task Started(CancellationToken cancellationToken) =>
        await Task.WhenAny(ready.Task, Exited).WaitAsync(StartLimit, cancellationToken);

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task Kill()
    {
        process.Kill();
        await Exited;
    }

    /// <summary>Ends it in good order (SIGTERM).</summary>
    /// <exception cref="TimeoutException">It did not end within a minute.</exception>
    public async Task Stop()
    {
        if (!process.HasExited)
            _ = SendSignal(process.Id, SigTerm);
        await Exited.WaitAsync(StopLimit);
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LastWords()
    {
        lock (lastWords)
            return string.Join(Environment.NewLine, lastWords);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private void Hear(string? line)
    {
        if (line == Ready)
            ready.TrySetResult();
        if (line is null)
            return;
        lock (lastWords)
        {
            lastWords.Enqueue(line);
            if (lastWords.Count > 40)
                lastWords.Dequeue();
        }
    }
}
