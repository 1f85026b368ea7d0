using System.Globalization;

namespace EventStore;

/// <summary>What the appender believes of a stream; a stream without events has version 0.</summary>
public readonly record struct ExpectedVersion
{
    private const long AnyValue = -1;
    private const long ExistsValue = -2;

    private ExpectedVersion(long value) => Value = value;

    internal long Value { get; }

    /// <summary>No belief: appends behind whatever is there.</summary>
    public static ExpectedVersion Any { get; } = new(AnyValue);

    /// <summary>The stream has no event yet.</summary>
    public static ExpectedVersion NoStream { get; } = new(0);

    /// <summary>The stream has at least one event.</summary>
    public static ExpectedVersion StreamExists { get; } = new(ExistsValue);

    /// <summary>The stream's last event has this version; 0 means <see cref="NoStream"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="version"/> is negative.</exception>
    public static ExpectedVersion Exactly(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new(version);
    }

    public override string ToString() => Value switch
    {
        AnyValue => "any",
        ExistsValue => "stream exists",
        0 => "no stream",
        _ => Value.ToString(CultureInfo.InvariantCulture),
    };
}
