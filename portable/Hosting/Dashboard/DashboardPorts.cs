using Portable.Hosting.Running;

namespace Portable.Hosting.Dashboard;

/// <summary>Picks the dashboard's addresses, all on loopback, before the dashboard runs.</summary>
internal sealed class DashboardPorts(PortReservations reservations, Action<string> say)
{
    private const int Page = 18888;
    private const int OtlpGrpc = 4317;
    private const int OtlpHttp = 4318;

    /// <summary>The usual ports; a free one, having said so, where another program has it.</summary>
    public DashboardAddresses Usual() => new(
        new Uri($"http://localhost:{Pick(Page, "page")}"),
        new Uri($"http://127.0.0.1:{Pick(OtlpGrpc, "OTLP/gRPC endpoint")}"),
        new Uri($"http://127.0.0.1:{Pick(OtlpHttp, "OTLP/HTTP endpoint")}"));

    /// <summary>Free ports, for tests that run beside other app hosts.</summary>
    public DashboardAddresses Free() => new(
        new Uri($"http://localhost:{reservations.Reserve()}"),
        new Uri($"http://127.0.0.1:{reservations.Reserve()}"),
        new Uri($"http://127.0.0.1:{reservations.Reserve()}"));

    private int Pick(int usual, string what)
    {
        if (reservations.TryReserve(usual)) return usual;
        var port = reservations.Reserve();
        say($"port {usual} is taken: the dashboard's {what} is on port {port}");
        return port;
    }
}
