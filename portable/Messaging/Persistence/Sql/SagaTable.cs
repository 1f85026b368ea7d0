using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using NpgsqlTypes;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Table, columns and statements of one saga type.</summary>
internal sealed class SagaTable
{
    private const int LongestSuffix = 43;

    public SagaTable(SagaModel model, string schema, string prefix)
    {
        Model = model;
        var attribute = model.SagaType.GetCustomAttribute<SqlSagaAttribute>();
        AssertAgrees(attribute, model);
        var suffix = attribute?.TableSuffix ?? model.SagaType.Name;
        if (suffix.Length > LongestSuffix)
        {
            throw new InvalidOperationException(
                $"The saga name '{suffix}' is longer than {LongestSuffix} characters, too long for a PostgreSQL table "
                + "with its prefix. Give it another with [SqlSaga(tableSuffix: \"…\")].");
        }

        Name = $"{SqlText.Quote(schema)}.{SqlText.Quote(prefix + suffix)}";
        var column = model.Correlation is { } property ? SqlText.Quote($"Correlation_{property.Name}") : "";
        string Load(string file) => SqlText.Load(file, ("saga", Name), ("correlation", column));
        (LockById, LoadById) = (Load("lock-saga-by-id"), Load("load-saga-by-id"));
        (Update, Delete) = (Load("update-saga"), Load("delete-saga"));
        LockCorrelation = Load("lock-correlation");
        if (model.Correlation is null)
        {
            Insert = Load("insert-uncorrelated-saga");
            CreateCorrelation = LockByCorrelation = LoadByCorrelation = "";
        }
        else
        {
            Insert = Load("insert-saga");
            LockByCorrelation = Load("lock-saga-by-correlation");
            LoadByCorrelation = Load("load-saga-by-correlation");
            var (_, type) = ColumnType(model.Correlation.Type);
            CreateCorrelation = SqlText.Load(
                "create-saga-correlation",
                ("saga", Name),
                ("correlation", column),
                ("type", type),
                ("index", SqlText.Quote(prefix + IndexName(suffix, model.Correlation.Name))));
        }

        var file = FileVersionInfo.GetVersionInfo(model.DataType.Assembly.Location);
        Version = file.FileVersion is { Length: > 0 } version ? version : "1.0.0.0";
    }

    public SagaModel Model { get; }

    public string Name { get; }

    public string Version { get; }

    public string CreateTable => SqlText.Load("create-saga", ("saga", Name));

    public string CreateCorrelation { get; }

    public string LockCorrelation { get; }

    public string LockByCorrelation { get; }

    public string LoadByCorrelation { get; }

    public string LockById { get; }

    public string LoadById { get; }

    public string Insert { get; }

    public string Update { get; }

    public string Delete { get; }

    /// <summary>A correlation value as the column stores it.</summary>
    public static (object Value, NpgsqlDbType Type) Stored(object value) => value switch
    {
        string or Guid or int => (value, ColumnType(value.GetType()).Type),
        short or ushort => (Convert.ToInt32(value, CultureInfo.InvariantCulture), NpgsqlDbType.Integer),
        _ => (Convert.ToInt64(value, CultureInfo.InvariantCulture), NpgsqlDbType.Bigint),
    };

    private static (NpgsqlDbType Type, string Name) ColumnType(Type type) =>
        type == typeof(string) ? (NpgsqlDbType.Varchar, "character varying(200)")
        : type == typeof(Guid) ? (NpgsqlDbType.Uuid, "uuid")
        : type == typeof(int) || type == typeof(short) || type == typeof(ushort) ? (NpgsqlDbType.Integer, "integer")
        : (NpgsqlDbType.Bigint, "bigint");

    private static void AssertAgrees(SqlSagaAttribute? attribute, SagaModel model)
    {
        if (attribute?.TransitionalCorrelationProperty is { } transitional)
        {
            throw new NotSupportedException(
                $"Saga {model.SagaType.Name} names the transitional correlation property '{transitional}': a second "
                + "correlation column is not kept here. Let the saga end under its old property, or migrate its rows.");
        }

        if (attribute?.CorrelationProperty is { } named && named != model.Correlation?.Name)
        {
            throw new InvalidOperationException(
                $"Saga {model.SagaType.Name} is correlated by '{model.Correlation?.Name ?? "nothing"}', but its "
                + $"[SqlSaga] says '{named}'. Let both name the same property.");
        }
    }

    // The name NServiceBus gives it, so that an endpoint can change editions on its database.
    private static string IndexName(string suffix, string property) =>
        "_i_" + Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes($"{suffix}/{property}")));
}
