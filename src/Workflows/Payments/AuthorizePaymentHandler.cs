using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Workflows.Payments;

internal sealed class AuthorizePaymentHandler(CommandFlow flow) : IHandleMessages<AuthorizePayment>
{
    public Task Handle(AuthorizePayment message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Payment(message.Tenant, message.OrderId),
        Folds.Payment,
        payment => PaymentDecider.Decide(payment, message));
}
