namespace Commerce.Contracts.Ordering;

/// <summary>A line as the customer asks for it.</summary>
/// <param name="AgreedPrice">Price per unit agreed outside the catalog; null: the catalog price at placing.</param>
public sealed record RequestedLine(string Sku, int Quantity, Money? AgreedPrice);

/// <summary>Where an order goes. City and country alone are nobody's: statistics keep them.</summary>
public sealed record ShippingAddress(
    [property: PersonalData] string Name,
    [property: PersonalData] string Line1,
    [property: PersonalData] string? Line2,
    string City,
    [property: PersonalData] string? PostalCode,
    string Country);

public sealed record PlaceOrder(
    string Tenant,
    Guid OrderId,
    string CustomerId,
    IReadOnlyList<RequestedLine> Lines,
    ShippingAddress ShippingAddress,
    string CardToken) : ICommerceCommand;

/// <summary>A line as it was placed: name, category and price are those of that moment.</summary>
public sealed record OrderLine(string Sku, string Name, string Category, int Quantity, Money UnitPrice);

/// <param name="CardToken">Stands for the card at the payment gateway; never a card number.</param>
public sealed record OrderPlaced(
    string Tenant,
    Guid OrderId,
    string CustomerId,
    IReadOnlyList<OrderLine> Lines,
    Money Total,
    ShippingAddress ShippingAddress,
    string CardToken) : ICommerceEvent;
