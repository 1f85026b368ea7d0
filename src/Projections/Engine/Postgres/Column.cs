using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Projections.Engine.Postgres;

/// <summary>A column: how a property of a record is written, for many records at once, and read.</summary>
internal abstract class Column(string name, string sqlType)
{
    /// <summary>As it stands in SQL, quoted.</summary>
    public string Name { get; } = $"\"{name}\"";

    /// <summary>The column's type in SQL.</summary>
    public string SqlType { get; } = sqlType;

    public static Column Of(Type record, ParameterInfo parameter)
    {
        var property = record.GetProperty(parameter.Name!)
            ?? throw new ArgumentException($"{record} has no property {parameter.Name}: is it a record?");
        var name = RowColumns.SnakeCase(property.Name);
        var type = property.PropertyType;
        var stored = Nullable.GetUnderlyingType(type) ?? type;
        var column = SqlTypes.TryGetValue(stored, out var sql)
            ? typeof(Column<,>).MakeGenericType(record, type)
            : typeof(JsonColumn<,>).MakeGenericType(record, type);
        object[] arguments = sql.Name is null ? [name, property] : [name, property, sql.Name, sql.Type];
        return (Column)Activator.CreateInstance(column, arguments)!;
    }

    /// <summary>One array parameter with this column's value of every record.</summary>
    public abstract NpgsqlParameter Values<TRecord>(IReadOnlyList<TRecord> records);

    /// <summary>Writes this column's value of one record to a COPY.</summary>
    public abstract Task Write(
        NpgsqlBinaryImporter import, object record, JsonBuffer json, CancellationToken cancellationToken);

    /// <summary>Reads the value at an ordinal of a data reader.</summary>
    public abstract Expression Read(ParameterExpression reader, int ordinal);

    /// <summary>A function that gets a property, of a class or a struct.</summary>
    protected static Func<TOwner, TValue> Getter<TOwner, TValue>(PropertyInfo property)
    {
        var owner = Expression.Parameter(typeof(TOwner));
        return Expression.Lambda<Func<TOwner, TValue>>(Expression.Property(owner, property), owner).Compile();
    }

    private static readonly Dictionary<Type, (string Name, NpgsqlDbType Type)> SqlTypes = new()
    {
        [typeof(string)] = ("text", NpgsqlDbType.Text),
        [typeof(Guid)] = ("uuid", NpgsqlDbType.Uuid),
        [typeof(int)] = ("integer", NpgsqlDbType.Integer),
        [typeof(long)] = ("bigint", NpgsqlDbType.Bigint),
        [typeof(decimal)] = ("numeric", NpgsqlDbType.Numeric),
        [typeof(bool)] = ("boolean", NpgsqlDbType.Boolean),
        [typeof(DateOnly)] = ("date", NpgsqlDbType.Date),
        [typeof(DateTimeOffset)] = ("timestamptz", NpgsqlDbType.TimestampTz),
    };
}

/// <summary>A value that PostgreSQL has a type for.</summary>
internal sealed class Column<TOwner, TValue>(string name, PropertyInfo property, string sqlType, NpgsqlDbType type)
    : Column(name, sqlType)
{
    private readonly Func<TOwner, TValue> get = Getter<TOwner, TValue>(property);

    public override NpgsqlParameter Values<TRecord>(IReadOnlyList<TRecord> records)
    {
        var values = new TValue[records.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = get((TOwner)(object)records[index]!);
        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    public override Task Write(
        NpgsqlBinaryImporter import, object record, JsonBuffer json, CancellationToken cancellationToken) =>
        get((TOwner)record) is { } value
            ? import.WriteAsync(value, type, cancellationToken)
            : import.WriteNullAsync(cancellationToken);

    public override Expression Read(ParameterExpression reader, int ordinal) =>
        Expression.Call(typeof(Column<TOwner, TValue>), nameof(Get), [], reader, Expression.Constant(ordinal));

    private static TValue Get(DbDataReader reader, int ordinal) =>
        default(TValue) is null && reader.IsDBNull(ordinal) ? default! : reader.GetFieldValue<TValue>(ordinal);
}

/// <summary>A list, a record or a dictionary: kept as jsonb with camel case names.</summary>
internal sealed class JsonColumn<TOwner, TValue>(string name, PropertyInfo property) : Column(name, "jsonb")
{
    private readonly Func<TOwner, TValue> get = Getter<TOwner, TValue>(property);

    public override NpgsqlParameter Values<TRecord>(IReadOnlyList<TRecord> records)
    {
        var values = new string[records.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = JsonSerializer.Serialize(get((TOwner)(object)records[index]!), JsonSerializerOptions.Web);
        return new NpgsqlParameter<string[]>
        {
            TypedValue = values,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        };
    }

    public override Task Write(
        NpgsqlBinaryImporter import, object record, JsonBuffer json, CancellationToken cancellationToken) =>
        import.WriteAsync(json.Write(get((TOwner)record)), NpgsqlDbType.Jsonb, cancellationToken);

    public override Expression Read(ParameterExpression reader, int ordinal) =>
        Expression.Call(typeof(JsonColumn<TOwner, TValue>), nameof(Get), [], reader, Expression.Constant(ordinal));

    private static TValue Get(DbDataReader reader, int ordinal) =>
        JsonSerializer.Deserialize<TValue>(reader.GetString(ordinal), JsonSerializerOptions.Web)!;
}
