using System.Globalization;

namespace Operations.Alerts.Rules;

/// <summary>Alerts in words.</summary>
internal static class AlertWords
{
    /// <summary>Such as "Commands take long: 812 ms, limit 500 ms (96 in 30 s)".</summary>
    public static string Of(AlertRule rule, Reading reading)
    {
        var value = reading.Value is { } number ? $"{Number(number)} {rule.Unit}" : "no value";
        var limit = $"{(rule.IsFloor ? "at least" : "at most")} {Number(rule.Limit)} {rule.Unit}";
        var samples = reading.Samples > 0 ? $" ({reading.Samples} in {Of(rule.Window)})" : "";
        var detail = reading.Detail is { } words ? $": {words}" : "";
        return $"{rule.Title}: {value}, should be {limit}{samples}{detail}";
    }

    public static string Of(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");

    public static string Number(double value) => value.ToString(value < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture);
}
