using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace AppendFaults;

/// <summary>A process that appends what it is told to, until it is killed.</summary>
public sealed class AppendingProcess : IAsyncDisposable
{
    private readonly Channel<string> answers = Channel.CreateUnbounded<string>();
    private readonly Process process;
    private readonly Task hearing;

    private AppendingProcess(Process process)
    {
        this.process = process;
        hearing = Task.Run(Hear);
    }

    public static AppendingProcess Start(string connectionString)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet")
            {
                ArgumentList = { typeof(AppendingProcess).Assembly.Location },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["ConnectionStrings__commerce"] = connectionString },
            },
        };
        process.Start();
        return new AppendingProcess(process);
    }

    public async Task Append(int number) =>
        await process.StandardInput.WriteLineAsync(number.ToString(CultureInfo.InvariantCulture));

    public Task Flush() => process.StandardInput.FlushAsync();

    /// <summary>The next append that is acknowledged; null when the process is gone and all of them are told.</summary>
    /// <exception cref="InvalidOperationException">An append came to something else.</exception>
    public async Task<int?> Acknowledged(CancellationToken cancellationToken)
    {
        if (!await answers.Reader.WaitToReadAsync(cancellationToken) || !answers.Reader.TryRead(out var answer))
            return null;
        return int.TryParse(answer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"An append was not acknowledged: {answer}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await hearing;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    private async Task Hear()
    {
        // A line that was cut off by the kill is no acknowledgment: it has no end.
        var rest = "";
        var buffer = new char[4096];
        int read;
        while ((read = await process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            var lines = (rest + new string(buffer, 0, read)).Split('\n');
            rest = lines[^1];
            foreach (var line in lines[..^1])
                answers.Writer.TryWrite(line);
        }
        answers.Writer.Complete();
    }
}
