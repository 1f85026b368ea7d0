using System.ComponentModel;
using Commerce.Contracts;
using FluentValidation;

namespace CommandApi.Requests;

/// <summary>An amount as clients send it.</summary>
internal sealed record MoneyRequest
{
    public const decimal LargestAmount = 1_000_000m;

    [Description("More than 0, at most 1000000, at most 2 decimals.")]
    public decimal? Amount { get; init; }

    [Description("ISO 4217 code, such as GBP.")]
    public string? Currency { get; init; }

    /// <summary>The amount of a request that passed its validation.</summary>
    public Money ToMoney() => new(Amount!.Value, Currency!);
}

/// <summary>Money that has a price in it: positive, whole cents.</summary>
internal sealed class PriceRules : AbstractValidator<MoneyRequest?>
{
    private const string Expected = "more than 0 and at most 1000000, with at most 2 decimals";

    public PriceRules()
    {
        RuleFor(money => money!.Amount)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage($"is required: {Expected}")
            .Must(amount => amount is > 0 and <= MoneyRequest.LargestAmount && decimal.Round(amount.Value, 2) == amount)
            .WithMessage((_, amount) => Words.Must(Expected, amount));
        RuleFor(money => money!.Currency)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("is required: an ISO 4217 code such as GBP")
            .Must(code => code!.Length == 3 && code.All(char.IsAsciiLetterUpper))
            .WithMessage((_, code) => Words.Must("an ISO 4217 code of three capital letters such as GBP", code));
    }
}
