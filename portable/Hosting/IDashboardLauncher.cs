namespace Portable.Hosting;

/// <summary>
/// Starts the dashboard. The host calls it once, before it starts the first project, and disposes it last, so that
/// the dashboard sees everything from the first line to the last.
/// </summary>
internal interface IDashboardLauncher : IAsyncDisposable
{
    /// <summary>
    /// Starts the dashboard and returns as soon as its addresses are fixed: it may take telemetry seconds later, or
    /// after its installation. Null when it can't be had: the launcher has then said why, and the application runs
    /// without.
    /// </summary>
    Task<DashboardConnection?> Start(CancellationToken cancellationToken);
}

/// <summary>A running dashboard.</summary>
/// <param name="Url">Page for the user, with a login token if it wants one.</param>
/// <param name="OtlpEndpoint">Where projects send their telemetry: the value of OTEL_EXPORTER_OTLP_ENDPOINT.</param>
/// <param name="OtlpProtocol"><c>grpc</c> or <c>http/protobuf</c>: the value of OTEL_EXPORTER_OTLP_PROTOCOL.</param>
/// <param name="OtlpHeaders">The value of OTEL_EXPORTER_OTLP_HEADERS, if any (an API key).</param>
internal sealed record DashboardConnection(
    string Url, string OtlpEndpoint, string OtlpProtocol = "grpc", string? OtlpHeaders = null);
