using System.Text.RegularExpressions;

namespace Chaos.Operations;

/// <summary>A page of docs/runbooks, and what it tells to run: its indented blocks and the commands within its text.</summary>
internal sealed partial record Runbook(string Name, IReadOnlyList<string> Commands)
{
    private const int Indent = 4;

    /// <summary>Words behind which a command of the text is one to run.</summary>
    private static readonly string[] Programs = ["cqrs ", "psql ", "curl ", "redis-cli "];

    /// <summary>All pages, those of alerts and those of operations.</summary>
    public static IReadOnlyList<Runbook> All()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AspireCqrs.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return
        [
            .. Directory.GetFiles(Path.Combine(folder.FullName, "docs", "runbooks"), "*.md").Order(StringComparer.Ordinal)
                .Select(page => new Runbook(Path.GetFileName(page), [.. Of(File.ReadAllLines(page))])),
        ];
    }

    private static IEnumerable<string> Of(IReadOnlyList<string> lines)
    {
        var block = new List<string>();
        foreach (var line in lines.Append(""))
        {
            // A list's text is indented by three.
            if (line.StartsWith(new string(' ', Indent), StringComparison.Ordinal))
            {
                block.Add(line);
                continue;
            }

            if (line.Length == 0 && block.Count > 0)
            {
                var common = block.Min(code => code.Length - code.TrimStart().Length);
                yield return string.Join('\n', block.Select(code => code[common..]));
                block.Clear();
            }

            foreach (Match command in InText().Matches(line))
            {
                if (Programs.Any(program => command.Groups[1].Value.StartsWith(program, StringComparison.Ordinal)))
                    yield return command.Groups[1].Value;
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InText();
}
