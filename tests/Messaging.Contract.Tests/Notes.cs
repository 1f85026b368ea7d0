using System.Collections.Concurrent;

namespace Messaging.Contract.Tests;

/// <summary>What handlers noted, in order, and a way to wait for it.</summary>
public sealed class Notes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<Note> noted = [];

    public IReadOnlyList<Note> All => [.. noted];

    public IEnumerable<string> Texts => noted.Select(note => note.Text);

    public void Add(string text, IMessageProcessingContext? context = null) => noted.Enqueue(new Note(
        text,
        context?.MessageId,
        context?.ReplyToAddress,
        context?.MessageHeaders.ToDictionary(header => header.Key, header => header.Value) ?? []));

    /// <summary>All notes, once there are so many.</summary>
    public async Task<IReadOnlyList<Note>> Wait(int count = 1)
    {
        await Poll.Until(
            () => Task.FromResult(noted.Count >= count),
            Patience,
            () => $"{count} notes; there are {noted.Count}: {string.Join(", ", Texts)}");
        return All;
    }
}

/// <summary>One note, with the message that was handled.</summary>
public sealed record Note(
    string Text, string? MessageId, string? ReplyTo, IReadOnlyDictionary<string, string> Headers);
