using FluentValidation;

namespace CommandApi.Requests;

/// <summary>Rules that many requests share.</summary>
internal static class FieldRules
{
    private const int LongestSku = 40;

    /// <summary>Text that has to be there.</summary>
    public static IRuleBuilderOptions<T, string?> RequiredText<T>(
        this IRuleBuilderInitial<T, string?> field, int longest) =>
        field.Cascade(CascadeMode.Stop)
            .NotNull().WithMessage($"is required: 1 to {longest} characters")
            .Must(text => !string.IsNullOrWhiteSpace(text) && text.Length <= longest)
            .WithMessage((_, text) => Words.Must($"1 to {longest} characters, not all blank", text))
            .Must(IsPrintable).WithMessage("must not contain control characters");

    /// <summary>Text that may be missing.</summary>
    public static IRuleBuilderOptions<T, string?> OptionalText<T>(
        this IRuleBuilderInitial<T, string?> field, int longest) =>
        field.Cascade(CascadeMode.Stop)
            .Must(text => text is null || text.Length <= longest)
            .WithMessage((_, text) => Words.Must($"at most {longest} characters", text))
            .Must(text => text is null || IsPrintable(text)).WithMessage("must not contain control characters");

    /// <summary>A stock keeping unit.</summary>
    public static IRuleBuilderOptions<T, string?> Sku<T>(this IRuleBuilderInitial<T, string?> field) =>
        field.Cascade(CascadeMode.Stop)
            .NotNull().WithMessage($"is required: 1 to {LongestSku} of A-Z a-z 0-9 . _ -")
            .Must(sku => sku!.Length is >= 1 and <= LongestSku && sku.All(IsSkuCharacter))
            .WithMessage((_, sku) => Words.Must($"1 to {LongestSku} of A-Z a-z 0-9 . _ -", sku));

    /// <summary>A whole number within bounds.</summary>
    public static IRuleBuilderOptions<T, int?> Between<T>(
        this IRuleBuilderInitial<T, int?> field, int least, int most) =>
        field.Cascade(CascadeMode.Stop)
            .NotNull().WithMessage($"is required: a whole number between {least} and {most}")
            .Must(number => number >= least && number <= most)
            .WithMessage((_, number) => Words.Must($"between {least} and {most}", number));

    /// <summary>A price.</summary>
    public static IRuleBuilderOptions<T, MoneyRequest?> Price<T>(this IRuleBuilderInitial<T, MoneyRequest?> field) =>
        field.Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("is required: { \"amount\": 12.50, \"currency\": \"GBP\" }")
            .SetValidator(new PriceRules());

    // The store cannot hold NUL, and no name or address has any other of them in earnest but line breaks.
    private static bool IsPrintable(string? text) =>
        text!.All(character => !char.IsControl(character) || character is '\n' or '\r' or '\t');

    private static bool IsSkuCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-';
}
