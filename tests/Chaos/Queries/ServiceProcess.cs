using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Chaos.Queries;

/// <summary>One of the system's services as a process that can be killed and started again on the same port.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly string program;
    private readonly string[] arguments;
    private Process process;

    private ServiceProcess(string program, string[] arguments, int port)
    {
        (this.program, this.arguments, Port) = (program, arguments, port);
        process = Launch();
    }

    public int Port { get; }

    public string Name => $"{program}:{Port}";

    /// <param name="program">Name of its project; its program is beside this one.</param>
    public static ServiceProcess Start(string program, params string[] arguments)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        return new ServiceProcess(program, [.. arguments, $"--urls=http://127.0.0.1:{port}"], port);
    }

    /// <summary>SIGKILL, and a new one in its place.</summary>
    public void Kill()
    {
        End();
        process = Launch();
    }

    public void Dispose() => End();

    private void End()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private Process Launch()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{program}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var launched = Process.Start(start)!;
        // Read, so that it does not stand still on a full pipe; what it says is of no interest here.
        launched.OutputDataReceived += (_, _) => { };
        launched.BeginOutputReadLine();
        return launched;
    }
}
