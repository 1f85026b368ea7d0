namespace Operations.Alerts.Rules;

/// <summary>What a rule makes of the figures.</summary>
/// <param name="Value">Null where there is too little to judge by.</param>
/// <param name="IsBroken">The limit is broken.</param>
/// <param name="IsClear">It is far enough from the limit for a raised alert to end.</param>
/// <param name="Samples">Measurements that it is made of.</param>
/// <param name="Detail">What an operator wants to know first, in words; null: nothing beyond the value.</param>
internal sealed record Reading(double? Value, bool IsBroken, bool IsClear, long Samples, string? Detail)
{
    /// <summary>Nothing to speak of happens: no reason for an alert.</summary>
    public static Reading Idle(long samples = 0) => new(null, false, true, samples, null);

    /// <summary>It cannot be told: an alert stays as it is.</summary>
    public static Reading Unknown(string why) => new(null, false, false, 0, why);
}
