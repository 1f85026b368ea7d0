using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;

namespace Workflows.Fulfilment;

/// <summary>What the saga remembers of an order until it is completed or canceled.</summary>
public sealed class FulfilmentData : ContainSagaData
{
    /// <summary>The order's stream, which names tenant and order: two tenants may use the same order id.</summary>
    public string Order { get; set; } = "";

    public string Tenant { get; set; } = "";

    public Guid OrderId { get; set; }

    public List<StockLine> Lines { get; set; } = [];

    public Money? Total { get; set; }

    public string CardToken { get; set; } = "";

    public ShippingAddress? Address { get; set; }

    /// <summary>Whose address it is; null in orders under way since before it was kept.</summary>
    public string? CustomerId { get; set; }

    public FulfilmentStep Step { get; set; }

    /// <summary>Of the current step, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>How long the current attempt may take.</summary>
    public TimeSpan Limit { get; set; }

    /// <summary>When the current attempt is over.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>When the saga looks at the clock next; null: it has not asked to.</summary>
    public DateTimeOffset? LooksAt { get; set; }

    /// <summary>Why the order will be canceled; null while it goes ahead.</summary>
    public string? Reason { get; set; }

    /// <summary>Of the parcel, once the carrier has it.</summary>
    public string? TrackingNumber { get; set; }
}
