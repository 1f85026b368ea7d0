using System.Diagnostics;

namespace Portable.Messaging.Tracing;

/// <summary>W3C baggage in a header.</summary>
internal static class Baggage
{
    /// <summary>The span's baggage; null when it has none.</summary>
    public static string? Text(Activity activity)
    {
        using var items = activity.Baggage.GetEnumerator();
        if (!items.MoveNext())
        {
            return null;
        }

        return string.Join(
            ',', activity.Baggage.Select(item => $"{item.Key}={Uri.EscapeDataString(item.Value ?? "")}"));
    }

    public static void Restore(Activity activity, Dictionary<string, string> headers)
    {
        if (headers.TryGetValue(Headers.DiagnosticsTraceState, out var state))
        {
            activity.TraceStateString = state;
        }

        if (!headers.TryGetValue(Headers.DiagnosticsBaggage, out var text))
        {
            return;
        }

        // A span lists what was added last first.
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (item.Split('=', 2) is [var key, var value])
            {
                activity.AddBaggage(key.Trim(), Uri.UnescapeDataString(value));
            }
        }
    }
}
