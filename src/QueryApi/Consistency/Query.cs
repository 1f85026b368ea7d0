using System.ComponentModel;
using System.Globalization;

namespace QueryApi.Consistency;

/// <summary>
/// What every query takes: headers that say how fresh the answer has to be. Without any it shows what is there.
/// </summary>
internal abstract record Query
{
    public const string TokenHeader = "Consistency-Token";
    public const string TimeoutHeader = "Consistency-Timeout";
    public const string MaxStalenessHeader = "Max-Staleness";
    public const string LevelHeader = "Consistency";
    private const decimal DefaultTimeout = 5;

    [FromHeader(TokenHeader, isRequired: false)]
    [Description("The Consistency-Token that a command was answered with: the answer shows what that command did.")]
    public long? ConsistencyToken { get; init; }

    [FromHeader(TimeoutHeader, isRequired: false)]
    [Description("Seconds to wait for the consistency asked for, 0 to 30; 5 if not given. Then 503.")]
    public decimal? ConsistencyTimeout { get; init; }

    [FromHeader(MaxStalenessHeader, isRequired: false)]
    [Description("How old the answer may be, such as 500ms, 2s or 1m.")]
    public string? MaxStaleness { get; init; }

    [FromHeader(LevelHeader, isRequired: false)]
    [Description("eventual, which is what holds without the other headers; strong, for a product, an order or stock.")]
    public string? Consistency { get; init; }

    /// <summary>Whether the answer is folded from the streams themselves.</summary>
    public bool IsStrong => Consistency is "strong";

    /// <summary>How long the client waits.</summary>
    public TimeSpan Patience() => TimeSpan.FromSeconds((double)(ConsistencyTimeout ?? DefaultTimeout));

    /// <summary>How old the answer may be; null: any age.</summary>
    public TimeSpan? AgeLimit() => MaxStaleness is null ? null : Duration(MaxStaleness);

    /// <summary>A number with the unit ms, s or m; seconds without. Null for anything else.</summary>
    public static TimeSpan? Duration(string text)
    {
        var (digits, unit) = text switch
        {
            [.. var head, 'm', 's'] => (head, TimeSpan.FromMilliseconds(1)),
            [.. var head, 's'] => (head, TimeSpan.FromSeconds(1)),
            [.. var head, 'm'] => (head, TimeSpan.FromMinutes(1)),
            _ => (text, TimeSpan.FromSeconds(1)),
        };
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
               && number <= (decimal)(TimeSpan.FromDays(1) / unit)
            ? unit * (double)number
            : null;
    }
}
