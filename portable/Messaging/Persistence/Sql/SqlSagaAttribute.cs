namespace Portable.Messaging.Persistence.Sql;

/// <summary>Table of a saga where its name should not follow from the saga's.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SqlSagaAttribute(
    string? correlationProperty = null, string? transitionalCorrelationProperty = null, string? tableSuffix = null)
    : Attribute
{
    public string? CorrelationProperty { get; } = correlationProperty;

    public string? TransitionalCorrelationProperty { get; } = transitionalCorrelationProperty;

    public string? TableSuffix { get; } = tableSuffix;
}
