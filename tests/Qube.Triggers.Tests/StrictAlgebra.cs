namespace Qube.Triggers.Tests;

/// <summary>
/// design.md §5 to the letter, for callbacks without joined names: `a || b` fires when either does; `a &amp;&amp; b` fires when both
/// have fired since it last did, then both sides start afresh, inner memories too. Every operator has a memory of its own here, where
/// the real one keeps a single layer: that the two agree is the theorem the real one rests on. `any(n, …)` is like it with n of
/// its operands; `!a` is never an operand of anything but an outermost `&amp;&amp;`.
/// </summary>
internal sealed class StrictAlgebra
{
    private readonly EventPattern? _pattern;
    private readonly bool _isNot;
    private readonly int _needed;
    private readonly StrictAlgebra[] _operands = [];
    private readonly bool[] _fired = [];

    public StrictAlgebra(TriggerExpression expression)
    {
        _pattern = expression as EventPattern ?? (expression as Not)?.Pattern;
        _isNot = expression is Not;
        if (expression is OperatorExpression operation)
        {
            _needed = operation switch { AllOf all => all.Operands.Length, AtLeast some => some.Needed, _ => 0 };
            _operands = [.. operation.Operands.Select(operand => new StrictAlgebra(operand))];
            _fired = new bool[_operands.Length];
        }
    }

    public bool Fires(Func<EventPattern, bool> hit)
    {
        if (_pattern is not null)
        {
            return hit(_pattern);
        }

        bool[] now = [.. _operands.Select(operand => operand.Fires(hit))];
        if (_needed == 0)
        {
            return now.Contains(true);
        }

        for (var i = 0; i < now.Length; i++)
        {
            _fired[i] |= now[i];
        }

        // Of a `!` it is remembered that its event happened, and it counts while it has not.
        if (_operands.Where((operand, i) => _fired[i] != operand._isNot).Count() < _needed)
        {
            return false;
        }

        StartAfresh();
        return true;
    }

    private void StartAfresh()
    {
        Array.Clear(_fired);
        foreach (var operand in _operands)
        {
            operand.StartAfresh();
        }
    }
}
