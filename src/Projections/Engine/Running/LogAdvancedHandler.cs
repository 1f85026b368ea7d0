using Commerce.Contracts;

namespace Projections.Engine.Running;

/// <summary>
/// The one handler of a projection endpoint: the log has reached a position. It tells the feed and is done; the models
/// follow the log by themselves, in order and in batches. So a message that is late, doubled or lost changes nothing,
/// and a burst of them costs one look at the log.
/// </summary>
internal sealed class LogAdvancedHandler(LogFeed feed) : IHandleMessages<LogAdvanced>
{
    /// <inheritdoc/>
    public Task Handle(LogAdvanced message, IMessageHandlerContext context)
    {
        feed.Advanced(message.Position);
        return Task.CompletedTask;
    }
}
