namespace Portable.Messaging.Transport;

/// <summary>How the broker delays: 28 queues whose messages expire after 1, 2, 4, … seconds. A message passes through
/// those of the bits set in its delay, highest first, guided by its routing key.</summary>
internal static class DelayLevels
{
    public const int Count = 28;
    public const int LongestSeconds = (1 << Count) - 1;
    public const string DeliveryExchange = "nsb.v2.delay-delivery";
    public const string Header = "NServiceBus.Transport.RabbitMQ.DelayInSeconds";

    public static string Name(int level) => $"nsb.v2.delay-level-{level:D2}";

    /// <summary>Delay in whole seconds, rounded up; never negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than the levels reach: about 8.5 years.</exception>
    public static int SecondsOf(OutgoingOperation operation, DateTimeOffset now)
    {
        var delay = operation.DueAt is { } due ? due - now : operation.Delay ?? TimeSpan.Zero;
        var seconds = Math.Max(0, Math.Ceiling(delay.TotalSeconds));
        return seconds <= LongestSeconds
            ? (int)seconds
            : throw new ArgumentOutOfRangeException(
                nameof(operation),
                delay,
                $"Message '{operation.MessageId}' can't be delayed by {delay}: the longest delay is "
                + $"{TimeSpan.FromSeconds(LongestSeconds)}.");
    }

    /// <summary>Exchange of the highest level the delay needs.</summary>
    public static string FirstExchange(int seconds) =>
        Name(seconds == 0 ? 0 : 31 - System.Numerics.BitOperations.LeadingZeroCount((uint)seconds));

    /// <summary>The bits of the delay, highest first, dot-separated, then the endpoint.</summary>
    public static string RoutingKey(int seconds, string endpoint) =>
        string.Create((2 * Count) + endpoint.Length, (seconds, endpoint), static (text, state) =>
        {
            for (var level = Count - 1; level >= 0; level--)
            {
                var position = 2 * (Count - 1 - level);
                text[position] = ((state.seconds >> level) & 1) == 1 ? '1' : '0';
                text[position + 1] = '.';
            }

            state.endpoint.CopyTo(text[(2 * Count)..]);
        });
}
