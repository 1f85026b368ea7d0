namespace Portable.Messaging.SagaAudit;

/// <summary>Where changes of sagas are reported, and what of their data.</summary>
internal sealed record SagaAuditSettings(string Queue, Func<object, Dictionary<string, string>>? Serialization);
