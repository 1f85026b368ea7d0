using System.Data.Common;

namespace Portable.Messaging;

/// <summary>A database that the SQL persistence speaks; here PostgreSQL.</summary>
public abstract class SqlDialect
{
    public override string ToString() => GetType().Name;

    /// <summary>PostgreSQL.</summary>
    public class PostgreSql : SqlDialect
    {
        internal string? Schema { get; set; }

        internal Action<DbParameter>? JsonBParameterModifier { get; set; }
    }
}

/// <summary>Settings of a database dialect.</summary>
public abstract class SqlDialectSettings
{
    protected SqlDialectSettings(SqlDialect dialect) => Dialect = dialect;

    internal SqlDialect Dialect { get; }
}

/// <summary>Settings of a database dialect.</summary>
public class SqlDialectSettings<T> : SqlDialectSettings
    where T : SqlDialect, new()
{
    public SqlDialectSettings()
        : base(new T())
    {
    }

    internal T TypedDialect => (T)Dialect;
}
