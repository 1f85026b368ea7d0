using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Operations.Bench;

/// <summary>Operations, a process of its own, so that its memory and CPU time can be told from the bench's.</summary>
internal sealed class OperationsProcess : IAsyncDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly Process process;
    private readonly HttpClient http;

    private OperationsProcess(Process process, HttpClient http) => (this.process, this.http) = (process, http);

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>What it holds now, in MB.</summary>
    public double Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / Megabyte;
        }
    }

    /// <summary>Starts it, and returns at once.</summary>
    public static OperationsProcess Start(Ground ground)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Operations.dll"),
            $"--ConnectionStrings:commerce={ground.Database}",
            $"--ConnectionStrings:rabbitmq={ground.Broker}",
            "--environment=Development", // Where nobody signs on.
            "--Logging:LogLevel:Default=Error",
            $"--urls={address}",
        ])
        {
            // Without settings files of this folder.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["ASPNETCORE_CONTENTROOT"] = AppContext.BaseDirectory;
        var process = Process.Start(start) ?? throw new InvalidOperationException("Operations did not start.");
        return new OperationsProcess(
            process, new HttpClient { BaseAddress = new Uri($"{address}/api/"), Timeout = TimeSpan.FromMinutes(2) });
    }

    /// <summary>How many messages have this status; null while it does not answer.</summary>
    public async Task<int?> Count(string status)
    {
        try
        {
            using var answer = await http.GetAsync($"errors?status={status}&per_page=1");
            return answer.IsSuccessStatusCode ? int.Parse(answer.Headers.GetValues("Total-Count").Single(), null) : null;
        }
        catch (HttpRequestException)
        {
            return process.HasExited
                ? throw new InvalidOperationException($"Operations ended with exit code {process.ExitCode}.")
                : null;
        }
    }

    /// <summary>Asks once, and says how long the answer took.</summary>
    public async Task<TimeSpan> Time(string path)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(path);
        await answer.Content.ReadAsByteArrayAsync();
        var time = Stopwatch.GetElapsedTime(start);
        answer.EnsureSuccessStatusCode();
        return time;
    }

    public Task<JsonElement> Get(string path) => http.GetFromJsonAsync<JsonElement>(path);

    public async Task Post(string path)
    {
        using var answer = await http.PostAsync(path, null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
