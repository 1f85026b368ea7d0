namespace EventStore;

/// <summary>What erasing a subject came to.</summary>
/// <param name="ErasedAt">When the key was destroyed: now, or the first time.</param>
/// <param name="Already">It was destroyed before; nothing changed.</param>
/// <param name="Events">Events that hold something sealed with the key, archived ones aside.</param>
/// <param name="Streams">The streams they are in, sorted.</param>
public sealed record Erased(
    string Subject, DateTimeOffset ErasedAt, bool Already, long Events, IReadOnlyList<string> Streams);
