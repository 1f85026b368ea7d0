namespace Portable.Messaging.Persistence.Sql;

/// <summary>Table of a saga where its name should not follow from the saga's.</summary>
/// <param name="correlationProperty">Must be the property that the saga is mapped by.</param>
/// <param name="transitionalCorrelationProperty">Not kept here: an endpoint with one does not start.</param>
/// <param name="tableSuffix">Name of the table, behind the prefix.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SqlSagaAttribute(
    string? correlationProperty = null, string? transitionalCorrelationProperty = null, string? tableSuffix = null)
    : Attribute
{
    public string? CorrelationProperty { get; } = correlationProperty;

    public string? TransitionalCorrelationProperty { get; } = transitionalCorrelationProperty;

    public string? TableSuffix { get; } = tableSuffix;
}
