namespace Portable.Messaging;

/// <summary>What a saga remembers between messages. Stored as JSON, one row per saga.</summary>
public interface IContainSagaData
{
    Guid Id { get; set; }

    /// <summary>Where the starting message came from; <c>ReplyToOriginator</c> answers there.</summary>
    string? Originator { get; set; }

    /// <summary>Id of the message that started the saga.</summary>
    string? OriginalMessageId { get; set; }
}

/// <summary>Base of saga data.</summary>
public abstract class ContainSagaData : IContainSagaData
{
    public virtual Guid Id { get; set; }

    public virtual string? Originator { get; set; }

    public virtual string? OriginalMessageId { get; set; }
}
