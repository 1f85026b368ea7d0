using Commerce.Contracts;

namespace Commerce.Ordering;

/// <summary>What placing an order needs to know of a product in the catalog.</summary>
public sealed record ProductFacts(string Name, string Category, Money Price, bool Discontinued);
