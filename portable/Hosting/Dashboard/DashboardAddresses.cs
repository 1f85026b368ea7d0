namespace Portable.Hosting.Dashboard;

/// <summary>Where the dashboard listens, or will as soon as it has started.</summary>
/// <param name="Page">The page to open in a browser.</param>
/// <param name="OtlpGrpc">Takes telemetry as OTLP over gRPC.</param>
/// <param name="OtlpHttp">Takes telemetry as OTLP over HTTP.</param>
internal sealed record DashboardAddresses(Uri Page, Uri OtlpGrpc, Uri OtlpHttp)
{
    /// <summary>The address without the slash at its end, as environment variables have it.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
