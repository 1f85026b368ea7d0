using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;

namespace Projections.Engine.Postgres;

/// <summary>
/// The columns of a record: one for each parameter of its constructor, in that order, named in snake case.
/// </summary>
internal sealed class RowColumns
{
    private readonly ConstructorInfo constructor;

    private RowColumns(Type type)
    {
        constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        All = [.. constructor.GetParameters().Select(parameter => Column.Of(type, parameter))];
        if (All.Count == 0)
            throw new ArgumentException($"{type} is stored as a row, so it must be a record with parameters.");
    }

    public IReadOnlyList<Column> All { get; }

    public static RowColumns Of(Type type) => new(type);

    /// <summary>A function that makes a record of the reader's current row.</summary>
    /// <param name="offset">The ordinal of the record's first column.</param>
    public Func<DbDataReader, TRecord> Reader<TRecord>(int offset)
    {
        var reader = Expression.Parameter(typeof(DbDataReader));
        var values = All.Select((column, index) => column.Read(reader, offset + index));
        return Expression.Lambda<Func<DbDataReader, TRecord>>(Expression.New(constructor, values), reader).Compile();
    }

    internal static string SnakeCase(string name)
    {
        var snake = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}
