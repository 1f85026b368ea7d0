namespace CommandLog;

/// <summary>What became of a command.</summary>
/// <param name="CommandId">The id of the message that carried it.</param>
/// <param name="Type">What was asked, such as <c>PlaceOrder</c>; the name of the command's record.</param>
public abstract record CommandOutcome(Guid CommandId, string Tenant, string Type);

/// <summary>It is done.</summary>
/// <param name="Token">The position of its last event in the log; null where it had nothing to change.</param>
public sealed record CommandCompleted(Guid CommandId, string Tenant, string Type, long? Token)
    : CommandOutcome(CommandId, Tenant, Type);

/// <summary>A rule of the domain forbade it.</summary>
/// <param name="Rule">The rule's name as clients see it behind <c>urn:rule:</c>, such as <c>sku-taken</c>.</param>
/// <param name="Message">The rule in words, with the values that broke it.</param>
public sealed record CommandRejected(Guid CommandId, string Tenant, string Type, string Rule, string Message)
    : CommandOutcome(CommandId, Tenant, Type);

/// <summary>It could not be handled and went to the error queue.</summary>
public sealed record CommandFailed(Guid CommandId, string Tenant, string Type, string Message)
    : CommandOutcome(CommandId, Tenant, Type);
