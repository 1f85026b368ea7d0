namespace Commerce.Contracts.Catalog;

/// <summary>
/// Changes the catalog price; orders already placed keep theirs. The same price again changes nothing.
/// </summary>
public sealed record RepriceProduct(string Tenant, string Sku, Money Price) : ICommerceCommand;

public sealed record ProductRepriced(string Tenant, string Sku, Money Price, Money PreviousPrice) : ICommerceEvent;
