using System.Diagnostics;
using System.Globalization;
using Portable.Hosting.Processes;

namespace Portable.Hosting.Tests.Running;

/// <summary>A whole app host as a process of its own, run and ended as users and accidents do.</summary>
public sealed class KilledHostTests : IDisposable
{
    private const string Up = "Everything is up";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nothing_outlives_a_host_that_was_killed_and_the_next_one_starts_on_its_data()
    {
        using var killed = new HostProcess("--data", folder.Path);
        await killed.Wrote(Up);
        var programs = ProcessesOn(folder.Path);
        Assert.True(programs.Count >= 4, $"servers, service and port mapper, not {programs.Count}");

        killed.Kill();

        await Waits.Until(() => ProcessesOn(folder.Path).Count == 0, "all processes of the killed host are gone");
        using var next = new HostProcess("--data", folder.Path);
        await next.Wrote(Up);
        Assert.Equal(0, await next.Interrupt("TERM"));
        Assert.Empty(ProcessesOn(folder.Path));
    }

    [Fact]
    public async Task Ctrl_C_stops_services_before_the_servers_they_use()
    {
        using var host = new HostProcess("--data", folder.Path);
        await host.Wrote(Up);

        Assert.Equal(0, await host.Interrupt("INT"));

        Assert.Empty(ProcessesOn(folder.Path));
        var service = Directory.GetFiles(folder.File("logs"), "service.log").Single();
        Assert.Contains("the service starts", await File.ReadAllTextAsync(service, TestContext.Current.CancellationToken));
        var lines = host.Lines.ToList();
        var stopped = lines.FindIndex(line => line.EndsWith("the service has stopped", StringComparison.Ordinal));
        var shutDown = lines.FindIndex(line => line.Contains("received fast shutdown request", StringComparison.Ordinal));
        Assert.InRange(stopped, 0, shutDown);
    }

    [Fact]
    public async Task A_signal_that_comes_twice_still_stops_everything_in_good_order()
    {
        using var host = new HostProcess("--data", folder.Path);
        await host.Wrote(Up);

        host.Signal("TERM");
        Assert.Equal(0, await host.Interrupt("TERM"));

        Assert.Contains(host.Lines, line => line.EndsWith("database system is shut down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_cannot_start_says_so_on_one_line_and_ends_with_code_1()
    {
        using var first = new HostProcess("--data", folder.Path);
        await first.Wrote("starting");
        await Waits.Until(() => File.Exists(folder.File("host.holder")), "the first host holds the data");

        using var second = new HostProcess("--data", folder.Path);

        Assert.Equal(1, await second.Ended());
        Assert.Single(second.Lines, line => line.StartsWith("Can't start: The data in", StringComparison.Ordinal));
        Assert.Equal(0, await first.Interrupt("TERM"));
    }

    [Fact]
    public async Task Help_lists_the_options_of_the_host()
    {
        using var host = new HostProcess("--help");

        Assert.Equal(0, await host.Ended());
        foreach (var option in new[] { "--ephemeral", "--data DIR", "--no-dashboard" })
            Assert.Contains(host.Lines, line => line.Contains(option, StringComparison.Ordinal));
    }

    /// <summary>
    /// Processes whose command line, environment or folder leads to the host's data; the host itself excluded.
    /// </summary>
    private static List<int> ProcessesOn(string data) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Mentions(id, data)),
    ];

    private static bool Mentions(int id, string data)
    {
        var arguments = ProcessTable.Arguments(id);
        if (arguments.Contains("--data")) return false;
        if (arguments.Any(argument => argument.Contains(data, StringComparison.Ordinal))) return true;
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains(data, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class HostProcess : IDisposable
    {
        private readonly Process process;
        private readonly List<string> lines = [];

        public HostProcess(params string[] args)
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Portable.Hosting.TestHost.dll"));
            foreach (var argument in args) start.ArgumentList.Add(argument);
            process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (lines) return [.. lines];
            }
        }

        public async Task Wrote(string text)
        {
            await Waits.Until(
                () => process.HasExited || Lines.Any(line => line.Contains(text, StringComparison.Ordinal)),
                $"the host writes '{text}'");
            Assert.False(process.HasExited, string.Join('\n', Lines));
        }

        public void Kill() => process.Kill();

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", ["-s", name, process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public Task<int> Interrupt(string signal)
        {
            Signal(signal);
            return Ended();
        }

        public async Task<int> Ended()
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(Waits.Long, TestContext.Current.CancellationToken);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }

        private void Keep(string? line)
        {
            if (line is null) return;
            lock (lines) lines.Add(line);
        }
    }
}
