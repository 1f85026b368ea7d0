namespace Commerce.Contracts;

/// <summary>One page of a list.</summary>
/// <param name="Next">
/// Opaque cursor of the next page, for the query parameter <c>cursor</c>; null on the last page.
/// </param>
public sealed record Page<TItem>(IReadOnlyList<TItem> Items, string? Next);

/// <summary>A list that is answered whole.</summary>
public sealed record Listing<TItem>(IReadOnlyList<TItem> Items);
