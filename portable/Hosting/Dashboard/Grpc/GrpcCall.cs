using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portable.Hosting.Dashboard.Grpc;

/// <summary>One call from its headers to its trailers: deadline, cancellation, and the status at the end.</summary>
internal static class GrpcCall
{
    private const string ContentType = "application/grpc";

    /// <summary>
    /// Runs a call and ends it with grpc-status, whatever happens in it. The token given to the call is canceled when
    /// the client leaves, the deadline passes or the host stops.
    /// </summary>
    public static async Task Run(HttpContext http, Func<HttpContext, CancellationToken, Task> call)
    {
        if (!IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Response.ContentType = ContentType;
        http.Response.Headers["grpc-accept-encoding"] = "identity";
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var deadline = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping, deadline.Token);
        try
        {
            if (GrpcTimeout.Parse(http.Request.Headers["grpc-timeout"]) is { } timeout) deadline.CancelAfter(timeout);
            await call(http, any.Token);
            End(http, GrpcStatus.Ok, "");
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left: there is nobody to tell.
        }
        catch (GrpcException e)
        {
            End(http, e.Status, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && deadline.IsCancellationRequested)
        {
            End(http, GrpcStatus.DeadlineExceeded, "The deadline of the call has passed.");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && stopping.IsCancellationRequested)
        {
            End(http, GrpcStatus.Unavailable, "The app host is stopping.");
        }
        catch (Exception e)
        {
            Log(http, e);
            End(http, GrpcStatus.Unknown, e.Message);
        }
    }

    private static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    private static void End(HttpContext http, GrpcStatus status, string message)
    {
        http.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (message.Length > 0) http.Response.AppendTrailer("grpc-message", PercentEncode(message));
    }

    /// <summary>Header values are ASCII: all else, and the percent sign, goes as %XX of its UTF-8 bytes.</summary>
    private static string PercentEncode(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)b);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }

    private static void Log(HttpContext http, Exception e) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GrpcCall))
            .LogError(e, "{Call} failed", http.Request.Path);
}
