namespace Commerce.Contracts.Analytics;

/// <summary>Revenue of completed orders in one group and currency.</summary>
/// <param name="Key">
/// The day (<c>2010-12-01</c>, UTC, of completion), the category or the country of the address.
/// </param>
/// <param name="Orders">Completed orders that fell, wholly or in part, into the group.</param>
/// <param name="Currency">ISO 4217; amounts of different currencies are never added.</param>
public sealed record Revenue(string Key, long Orders, decimal Amount, string Currency);

/// <summary>A product among the best-sold.</summary>
/// <param name="Quantity">Units in completed orders.</param>
public sealed record Bestseller(string Sku, string Name, long Quantity);
