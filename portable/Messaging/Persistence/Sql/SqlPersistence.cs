using System.Data.Common;
using Portable.Messaging.Persistence;

namespace Portable.Messaging;

/// <summary>Keeps sagas and the outbox in PostgreSQL.</summary>
public class SqlPersistence : PersistenceDefinition, IPersistenceDefinitionFactory<SqlPersistence>
{
    internal SqlPersistence()
    {
    }

    internal Func<DbConnection>? ConnectionBuilder { get; set; }

    internal string? TablePrefix { get; set; }

    internal bool InstallerDisabled { get; set; }

    internal SqlDialectSettings? DialectSettings { get; set; }

    static SqlPersistence IPersistenceDefinitionFactory<SqlPersistence>.Create() => new();
}

/// <summary>Settings of the persistence <typeparamref name="T"/>.</summary>
public class PersistenceExtensions<T>
    where T : PersistenceDefinition, IPersistenceDefinitionFactory<T>
{
    internal PersistenceExtensions(T definition) => Definition = definition;

    internal T Definition { get; }
}

/// <summary>Choice of the persistence.</summary>
public static class PersistenceConfig
{
    public static PersistenceExtensions<T> UsePersistence<T>(this EndpointConfiguration config)
        where T : PersistenceDefinition, IPersistenceDefinitionFactory<T>
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Persistence is not T definition)
        {
            definition = T.Create();
            config.Persistence = definition;
        }

        return new PersistenceExtensions<T>(definition);
    }
}

/// <summary>Settings of <see cref="SqlPersistence"/>.</summary>
public static class SqlPersistenceConfig
{
    public static SqlDialectSettings<T> SqlDialect<T>(this PersistenceExtensions<SqlPersistence> configuration)
        where T : SqlDialect, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Definition.DialectSettings is not SqlDialectSettings<T> settings)
        {
            settings = new SqlDialectSettings<T>();
            configuration.Definition.DialectSettings = settings;
        }

        return settings;
    }

    /// <summary>Makes the connections, one per message; they should come from a pool.</summary>
    public static void ConnectionBuilder(
        this PersistenceExtensions<SqlPersistence> configuration, Func<DbConnection> connectionBuilder)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(connectionBuilder);
        configuration.Definition.ConnectionBuilder = connectionBuilder;
    }

    /// <summary>Prefix of all tables; by default the endpoint's name with underscores for dots.</summary>
    public static void TablePrefix(this PersistenceExtensions<SqlPersistence> configuration, string tablePrefix)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(tablePrefix);
        configuration.Definition.TablePrefix = tablePrefix;
    }

    public static void DisableInstaller(this PersistenceExtensions<SqlPersistence> configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Definition.InstallerDisabled = true;
    }

    /// <summary>Schema of all tables, <c>public</c> by default. One schema per endpoint.</summary>
    public static void Schema(this SqlDialectSettings<SqlDialect.PostgreSql> dialectSettings, string schema)
    {
        ArgumentNullException.ThrowIfNull(dialectSettings);
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        dialectSettings.TypedDialect.Schema = schema;
    }

    /// <summary>Makes a parameter a <c>jsonb</c>: <c>((NpgsqlParameter)p).NpgsqlDbType = NpgsqlDbType.Jsonb</c>.
    /// NServiceBus needs it told; here they are that already when the modifier sees them.</summary>
    public static void JsonBParameterModifier(
        this SqlDialectSettings<SqlDialect.PostgreSql> dialectSettings, Action<DbParameter> modifier)
    {
        ArgumentNullException.ThrowIfNull(dialectSettings);
        ArgumentNullException.ThrowIfNull(modifier);
        dialectSettings.TypedDialect.JsonBParameterModifier = modifier;
    }
}
