namespace Projections.Engine.Checkpoints;

/// <summary>One filling of one version of a projection, in storage of its own.</summary>
/// <param name="Number">1, 2, …: rises with every rebuild.</param>
/// <param name="Version">Of the declaration that fills it.</param>
/// <param name="Fingerprint">Of the declaration that fills it.</param>
/// <param name="Storage">Schema, key prefix or index.</param>
/// <param name="Position">The checkpoint when the build was read.</param>
/// <param name="From">It holds what happened behind this position: 0, as a rule.</param>
internal sealed record Build(
    string Projection,
    int Number,
    int Version,
    string Fingerprint,
    string Store,
    string Storage,
    BuildState State,
    long Position,
    long From)
{
    /// <summary>Whether a declaration is the one that this build is filled by.</summary>
    public bool IsOf(IReadModel model) =>
        Version == model.Version && Fingerprint == model.Fingerprint && Store == model.Store;
}

internal enum BuildState
{
    /// <summary>Being filled beside the live one.</summary>
    Building,

    /// <summary>The one that readers see.</summary>
    Live,

    /// <summary>Was live; kept until an operator drops it.</summary>
    Retired,
}

/// <summary>A move of a checkpoint.</summary>
/// <param name="From">Where the writer believes it is; anything else means that the writer lost the projection.</param>
/// <param name="Head">The log's last position, as the writer knows it.</param>
/// <param name="LastEventAt">When the last event was decided; null: no event, the log was only read.</param>
/// <param name="AsOf">A time whose log is in the model entirely; null: unknown.</param>
internal sealed record Advance(long From, long To, long Head, DateTimeOffset? LastEventAt, DateTimeOffset? AsOf);
