using System.Globalization;

namespace Portable.Hosting.Dashboard.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit (gRPC over HTTP/2, "Timeout").</summary>
internal static class GrpcTimeout
{
    /// <summary>The longest wait a timer takes; longer deadlines are as good as this one.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromDays(24);

    /// <summary>The time the client gives the call, or null where it set no deadline.</summary>
    /// <exception cref="GrpcException">The header is not digits and one of H, M, S, m, u, n.</exception>
    public static TimeSpan? Parse(string? header)
    {
        if (string.IsNullOrEmpty(header)) return null;
        var digits = header.AsSpan(0, header.Length - 1);
        if (digits.Length > 8
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || TicksPerUnit(header[^1]) is not { } ticks)
        {
            throw new GrpcException(GrpcStatus.Internal,
                $"grpc-timeout '{header}' is not at most eight digits followed by one of H, M, S, m, u, n.");
        }

        var exact = amount * ticks;
        return exact > longest.Ticks ? longest : TimeSpan.FromTicks((long)Math.Ceiling(exact));
    }

    private static decimal? TicksPerUnit(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 0.01m,
        _ => null,
    };
}
