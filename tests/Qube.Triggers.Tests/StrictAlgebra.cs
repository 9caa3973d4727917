namespace Qube.Triggers.Tests;

/// <summary>
/// design.md §5 to the letter, for callbacks without joined names: `a || b` fires when either does; `a &amp;&amp; b` fires when both
/// have fired since it last did, then both sides start afresh, inner memories too. Every operator has a memory of its own here, where
/// the real one keeps a single layer: that the two agree is the theorem DESIGN.md rests on.
/// </summary>
internal sealed class StrictAlgebra
{
    private readonly EventPattern? _pattern;
    private readonly bool _isAll;
    private readonly StrictAlgebra[] _operands = [];
    private readonly bool[] _fired = [];

    public StrictAlgebra(TriggerExpression expression)
    {
        _pattern = expression as EventPattern;
        if (expression is OperatorExpression operation)
        {
            _isAll = operation is AllOf;
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
        if (!_isAll)
        {
            return now.Contains(true);
        }

        for (var i = 0; i < now.Length; i++)
        {
            _fired[i] |= now[i];
        }

        if (_fired.Contains(false))
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
