namespace Operations.Tests.ServicePulse;

/// <summary>
/// What an operator does in ServicePulse and sees there: in the genuine one, in Chromium, where
/// <c>SERVICEPULSE_WWW</c> names its files; else the same calls in the same order, each field that the pages read
/// checked. Every member waits until it has been seen.
/// </summary>
internal interface IServicePulse : IAsyncDisposable
{
    /// <summary>A group of failed messages, by exception.</summary>
    Task SeeGroup(string title, int count);

    /// <summary>The page of one message.</summary>
    Task<(string StackTrace, string Body)> Read(FailedMessageKey message);

    Task Retry(FailedMessageKey message);

    /// <summary>Retries a group, waits for its end and dismisses it.</summary>
    Task RetryGroup(string title);

    Task EditAndRetry(FailedMessageKey message, string body);

    /// <summary>Until the message's page says that it has been processed.</summary>
    Task SeeProcessed(FailedMessageKey message);

    Task Archive(FailedMessageKey message);

    Task Restore(FailedMessageKey message);

    /// <summary>Makes a redirect on the configuration page, and sees it listed.</summary>
    Task Redirect(string from, string to);

    /// <summary>The heartbeats page lists the endpoint as alive or not.</summary>
    Task SeeHeartbeats(string endpoint, bool alive);

    /// <summary>The monitoring page shows that the endpoint handles messages.</summary>
    Task SeeThroughput(string endpoint);

    /// <summary>The page of all messages lists so many.</summary>
    Task SeeAllMessages(int count);

    /// <summary>Searches the page of all messages, and opens the one message of this type that is found.</summary>
    Task Find(string words, Type message);

    /// <summary>The flow diagram of the open message: what was sent because of what.</summary>
    Task SeeFlow(Type cause, Type effect);

    /// <summary>The sequence diagram of the open message: who sent what to whom.</summary>
    Task SeeSequence(string endpoint, params Type[] messages);

    /// <summary>The saga diagram of the open message: what it sent, and that it has ended.</summary>
    Task SeeSaga(Type saga, Type started, Type sent);

    /// <summary>The events page.</summary>
    Task SeeEvent(string words);

    /// <summary>The configuration page names the connections.</summary>
    Task SeeConnections();

    /// <summary>Every call of the pages was answered, whatever they made of it.</summary>
    Task SeeNothingRefused();
}

/// <summary>A failed message, as the API names it.</summary>
internal sealed record FailedMessageKey(string Id, string MessageId);
