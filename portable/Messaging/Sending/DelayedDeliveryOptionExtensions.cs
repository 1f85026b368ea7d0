namespace Portable.Messaging;

/// <summary>Delivery later: after a delay or at a date. In whole seconds, at most about 8.5 years.</summary>
public static class DelayedDeliveryOptionExtensions
{
    public static void DelayDeliveryWith(this SendOptions options, TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (options.DueAt is not null)
        {
            throw new InvalidOperationException(
                $"A delivery date ({options.DueAt:O}) is already set on these options: use either "
                + $"{nameof(DelayDeliveryWith)} or {nameof(DoNotDeliverBefore)}.");
        }

        options.Delay = delay;
    }

    public static void DoNotDeliverBefore(this SendOptions options, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Delay is not null)
        {
            throw new InvalidOperationException(
                $"A delay ({options.Delay}) is already set on these options: use either "
                + $"{nameof(DelayDeliveryWith)} or {nameof(DoNotDeliverBefore)}.");
        }

        options.DueAt = at;
    }

    public static TimeSpan? GetDeliveryDelay(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Delay;
    }

    public static DateTimeOffset? GetDeliveryDate(this SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.DueAt;
    }
}
