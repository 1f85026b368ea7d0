using System.Diagnostics;
using System.Globalization;

namespace Portable.Hosting.Processes;

/// <summary>A running program, or several that belong together.</summary>
internal interface IRunningProcess : IAsyncDisposable
{
    /// <summary>Process id of the program.</summary>
    int Id { get; }

    /// <summary>Completes with the exit code when the program and all its output have ended.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks it to end, kills it when it takes too long, and returns when it is gone.</summary>
    Task Stop();

    /// <summary>Ends it at once, as a crash would.</summary>
    void Kill();
}

/// <summary>
/// A program under a guard: a small shell process (guard.sh) that holds one end of a pipe whose other end is here. When
/// this process dies in whatever way, the guard ends the program and everything it started.
/// </summary>
internal sealed class GuardedProcess : IRunningProcess
{
    /// <summary>How long output may keep coming after the program's end, from a process it left behind.</summary>
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    private static readonly string Script = ReadScript();

    private readonly Process guard;
    private readonly StreamWriter orders;
    private readonly ProcessSpecification specification;
    private readonly TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GuardedProcess(Process guard, ProcessSpecification specification, Action<string, bool> write)
    {
        this.guard = guard;
        orders = guard.StandardInput;
        this.specification = specification;
        Exited = Watch(write);
    }

    public int Id { get; private set; }

    public Task<int> Exited { get; }

    /// <param name="specification">The program.</param>
    /// <param name="write">Takes each line of output, and whether it is from standard error.</param>
    /// <param name="cancellationToken">Ends the wait for the program's start.</param>
    /// <exception cref="DistributedApplicationException">The program can't be started.</exception>
    public static async Task<GuardedProcess> Start(
        ProcessSpecification specification, Action<string, bool> write, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = specification.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var seconds = ((int)specification.StopGrace.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        // Not sh: Debian's drops variables whose names have a hyphen, such as services__command-api__http__0.
        string[] command = ["bash", "-c", Script, "guard", specification.StopSignal, seconds];
        string[] account = specification.User is null
            ? []
            : ["setpriv", "--reuid", specification.User, "--regid", specification.User, "--init-groups"];
        foreach (var part in (string[])[.. command, .. account, specification.FileName, .. specification.Arguments])
            start.ArgumentList.Add(part);
        foreach (var (name, value) in specification.Environment) start.Environment[name] = value;

        Process guard;
        try
        {
            guard = Process.Start(start) ?? throw new DistributedApplicationException($"Can't start {start.FileName}.");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new DistributedApplicationException(
                $"Can't start {specification.FileName} in {specification.WorkingDirectory}: {failure.Message}. " +
                "Programs are started with setsid and bash (packages util-linux and bash).", failure);
        }
        if (specification.GuardFile is not null)
            await File.WriteAllTextAsync(specification.GuardFile, $"{guard.Id}", cancellationToken);
        var process = new GuardedProcess(guard, specification, write);
        process.Id = await process.started.Task.WaitAsync(cancellationToken);
        return process;
    }

    public async Task Stop()
    {
        Signal(specification.StopSignal);
        if (await Task.WhenAny(Exited, Task.Delay(specification.StopGrace)) != Exited)
        {
            Kill();
            await Exited;
        }
    }

    public void Kill() => Signal("KILL");

    public ValueTask DisposeAsync()
    {
        guard.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Signal(string name)
    {
        try
        {
            orders.Write($"{name}\n");
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException
            && (Exited.IsCompleted || guard.HasExited))
        {
            // There is nothing left to signal.
        }
    }

    private async Task<int> Watch(Action<string, bool> write)
    {
        var output = Pump(guard.StandardOutput, line =>
        {
            if (!started.Task.IsCompleted && int.TryParse(line, CultureInfo.InvariantCulture, out var id))
                started.SetResult(id);
            else
                write(line, false);
        });
        var errors = Pump(guard.StandardError, line => write(line, true));
        await guard.WaitForExitAsync();
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(OutputGrace));
        started.TrySetResult(guard.Id);
        if (specification.GuardFile is not null) File.Delete(specification.GuardFile);
        return guard.ExitCode;
    }

    private static async Task Pump(StreamReader reader, Action<string> write)
    {
        while (await reader.ReadLineAsync() is { } line) write(line);
    }

    private static string ReadScript()
    {
        using var stream = typeof(GuardedProcess).Assembly.GetManifestResourceStream("guard.sh")
            ?? throw new InvalidOperationException("The resource guard.sh is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
