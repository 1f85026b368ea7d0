using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Chaos;

/// <summary>
/// One of the system's services as a process that can be killed. Like an app host or Kubernetes it starts a process
/// that has ended in its place, on the same port, whether it was killed here or gave up by itself.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeforeRestart = TimeSpan.FromSeconds(1);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string program;
    private readonly IReadOnlyList<string> arguments;
    private readonly CancellationTokenSource ending = new();
    private readonly Task supervising;
    private volatile Process process;
    private volatile int ended;

    private ServiceProcess(string program, IReadOnlyList<string> arguments, int port)
    {
        (this.program, this.arguments, Port) = (program, arguments, port);
        process = Launch();
        supervising = Supervise();
    }

    public int Port { get; }

    /// <summary>Processes that have ended so far, killed here or by themselves, and had another take their place.</summary>
    public int Ended => ended;

    /// <param name="program">Name of its project; its program is beside this one.</param>
    public static ServiceProcess Start(string program, params IEnumerable<string> arguments)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        return new ServiceProcess(program, [.. arguments, $"--urls=http://127.0.0.1:{port}"], port);
    }

    /// <summary>SIGKILL; another takes its place.</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself: another is about to take its place.
        }
    }

    /// <summary>
    /// Waits until the process answers, so that kills do not come faster than the machine can start it; a minute at
    /// most, as a service may well wait for a server that is away.
    /// </summary>
    public async Task WaitUntilUp(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsUp(cancellationToken) && Stopwatch.GetElapsedTime(started) < StartPatience)
            await Task.Delay(Look, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await supervising;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        ending.Dispose();
    }

    private async Task<bool> IsUp(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync($"http://127.0.0.1:{Port}/alive", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task Supervise()
    {
        try
        {
            while (true)
            {
                await process.WaitForExitAsync(ending.Token);
                process.Dispose();
                await Task.Delay(BeforeRestart, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                process = Launch();
                Interlocked.Increment(ref ended);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Disposed; the process that is there now is ended by that.
        }
    }

    private Process Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var launched = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // Read, so that it does not stand still on a full pipe; what it says is of no interest here.
        launched.OutputDataReceived += (_, _) => { };
        launched.ErrorDataReceived += (_, _) => { };
        launched.BeginOutputReadLine();
        launched.BeginErrorReadLine();
        return launched;
    }
}
