using Commerce.Contracts;

namespace CommandApi.Commands;

/// <summary>What an endpoint wants done.</summary>
/// <param name="Make">Makes the command for a tenant; the id is that of the command.</param>
/// <param name="Sku">The product or stock item concerned.</param>
/// <param name="OrderId">The order concerned, given the id of the command.</param>
/// <param name="Created">Where to find what the command creates; null where it creates nothing.</param>
internal sealed record CommandRequest(
    Func<string, Guid, ICommerceCommand> Make,
    string? Sku = null,
    Func<Guid, Guid>? OrderId = null,
    Func<Guid, string>? Created = null);
