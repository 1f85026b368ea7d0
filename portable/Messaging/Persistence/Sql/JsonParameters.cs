using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Makes <c>jsonb</c> parameters, and lets the application's own modifier have a look at each.</summary>
internal sealed class JsonParameters(Action<DbParameter>? modify)
{
    public NpgsqlParameter Of(byte[] json)
    {
        var parameter = new NpgsqlParameter<byte[]> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb };
        modify?.Invoke(parameter);
        return parameter;
    }
}
