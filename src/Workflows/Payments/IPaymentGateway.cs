using Commerce.Contracts;

namespace Workflows.Payments;

/// <summary>
/// The payment provider. Every call names the order and may be repeated: the gateway does each thing once per order.
/// </summary>
internal interface IPaymentGateway
{
    /// <summary>Asks to hold the amount on the card.</summary>
    /// <exception cref="GatewayUnavailableException">No answer now; the message is to be retried.</exception>
    Task<AuthorizationAnswer> Authorize(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>Takes what is held. After <see cref="Void"/> there is nothing to take.</summary>
    /// <exception cref="GatewayUnavailableException">No answer now; the message is to be retried.</exception>
    Task Capture(string tenant, Guid orderId, Money amount, CancellationToken cancellationToken);

    /// <summary>Gives back whatever is held or taken for the order.</summary>
    /// <exception cref="GatewayUnavailableException">No answer now; the message is to be retried.</exception>
    Task Void(string tenant, Guid orderId, CancellationToken cancellationToken);
}

/// <param name="CardToken">Stands for the card; never a card number.</param>
internal sealed record AuthorizationRequest(string Tenant, Guid OrderId, Money Amount, string CardToken);

internal abstract record AuthorizationAnswer;

/// <param name="Reference">The gateway's name for the hold.</param>
internal sealed record Approved(string Reference) : AuthorizationAnswer;

internal sealed record Declined(string Reason) : AuthorizationAnswer;

/// <summary>
/// The gateway will call back: as <c>RecordAuthorization</c> or <c>DeclinePayment</c>, or not at all.
/// </summary>
internal sealed record Pending : AuthorizationAnswer;

/// <summary>The gateway could not be reached or gave no usable answer.</summary>
internal sealed class GatewayUnavailableException(string message) : Exception(message);
