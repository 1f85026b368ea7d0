using System.Diagnostics;
using OpenTelemetry;

namespace ServiceDefaults.Telemetry;

/// <summary>
/// Names the activities of ASP.NET Core and HttpClient as OpenTelemetry's HTTP conventions do: method and route, such
/// as
/// <c>POST /orders</c>, instead of the framework's one name for all.
/// </summary>
internal sealed class HttpActivityNames : BaseProcessor<Activity>
{
    public override void OnEnd(Activity activity)
    {
        if (activity.OperationName is not ("Microsoft.AspNetCore.Hosting.HttpRequestIn" or "System.Net.Http.HttpRequestOut"))
            return;
        if (activity.DisplayName != activity.OperationName)
            return;

        var method = activity.GetTagItem("http.request.method") as string;
        var route = activity.GetTagItem("http.route") as string ?? activity.GetTagItem("url.path") as string;
        if (method is not null)
            activity.DisplayName = route is null ? method : $"{method} {route}";
    }
}
