using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Workflows.Payments;

internal sealed class RecordAuthorizationHandler(CommandFlow flow) : IHandleMessages<RecordAuthorization>
{
    public Task Handle(RecordAuthorization message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Payment(message.Tenant, message.OrderId),
        Folds.Payment,
        payment => PaymentDecider.Decide(payment, message));
}
