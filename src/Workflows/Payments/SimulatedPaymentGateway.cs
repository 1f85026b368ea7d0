using System.Collections.Concurrent;
using Commerce.Contracts;
using Commerce.Contracts.Payments;

namespace Workflows.Payments;

/// <summary>
/// A gateway that is decided by its test cards. It keeps no money: what it answers follows from card and order alone,
/// so any number of instances answer alike, again and again.
/// </summary>
/// <param name="callbacks">Stands for the web hook through which a real gateway answers later.</param>
internal sealed class SimulatedPaymentGateway(IMessageSession callbacks) : IPaymentGateway
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private const int FlakyFailures = 2;

    private readonly ConcurrentDictionary<(string Tenant, Guid OrderId), int> failures = new();

    public async Task<AuthorizationAnswer> Authorize(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        switch (request.CardToken)
        {
            case "tok_ok":
                return new Approved(Reference(request.OrderId));
            case "tok_declined":
                return new Declined("The card was declined.");
            case "tok_slow":
                await CallBackLater(request, cancellationToken);
                return new Pending();
            case "tok_flaky":
                FailAtFirst(request);
                return new Approved(Reference(request.OrderId));
            case "tok_timeout":
                return new Pending();
            default:
                return new Declined(
                    $"The simulated gateway does not know the card '{request.CardToken}'. Use one of tok_ok, "
                    + "tok_declined, tok_slow, tok_flaky and tok_timeout.");
        }
    }

    public Task Capture(string tenant, Guid orderId, Money amount, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task Void(string tenant, Guid orderId, CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Reference(Guid orderId) => $"sim-{orderId:N}";

    private Task CallBackLater(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var options = new SendOptions();
        options.DelayDeliveryWith(Slow);
        return callbacks.Send(
            new RecordAuthorization(request.Tenant, request.OrderId, Reference(request.OrderId)),
            options,
            cancellationToken);
    }

    private void FailAtFirst(AuthorizationRequest request)
    {
        var order = (request.Tenant, request.OrderId);
        var attempt = failures.AddOrUpdate(order, 1, (_, failed) => failed + 1);
        if (attempt <= FlakyFailures)
        {
            throw new GatewayUnavailableException(
                $"The simulated gateway failed attempt {attempt} of order {request.OrderId}: tok_flaky does so twice.");
        }

        failures.TryRemove(order, out _);
    }
}
