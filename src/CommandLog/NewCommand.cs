namespace CommandLog;

/// <summary>A command about to be sent.</summary>
/// <param name="Type">What is asked, such as <c>PlaceOrder</c>; the name of the command's record.</param>
/// <param name="Key">Given where the client may ask again and must not be served twice.</param>
public sealed record NewCommand(Guid CommandId, string Tenant, string Type, IdempotencyKey? Key = null);

/// <summary>A client's name for one request, unique per tenant.</summary>
/// <param name="Key">1 to 100 characters.</param>
/// <param name="BodyHash">Tells whether it is the same request again.</param>
public sealed record IdempotencyKey(string Key, ReadOnlyMemory<byte> BodyHash);

/// <summary>What <see cref="ICommandLog.Accept"/> came to.</summary>
public abstract record AcceptResult
{
    private protected AcceptResult() { }
}

/// <summary>The command is noted and sent, now or before.</summary>
/// <param name="Status">Its state: accepted, or the outcome of the first request with this key.</param>
public sealed record Accepted(CommandStatus Status) : AcceptResult;

/// <summary>The idempotency key belongs to another request. Nothing was sent.</summary>
/// <param name="CommandId">The command of that other request.</param>
public sealed record KeyReused(string Key, Guid CommandId) : AcceptResult;
