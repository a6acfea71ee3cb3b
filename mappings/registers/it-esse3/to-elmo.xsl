<?xml version="1.0" encoding="UTF-8"?>
<!--
  ESSE3 of Cineca (Italy) to ELMO 1.7.
  Source: all answers to the questions of one pull, as the XML form of JSON: libretti (career segments), righe (rows of each)
  and partizioni (languages).
  Owner: the registrar. What is read, left out and INFERRED stands in README.md, every code in code-tables.xml.
-->
<xsl:stylesheet version="3.0"
    xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"
    xmlns:f="urn:emrexhub:mapping:it-esse3"
    xmlns:hub="urn:emrexhub:mapping:1"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:shared="urn:emrexhub:functions:1"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:import href="../../elmo/functions.xsl"/>

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="today" as="xs:string" required="yes"/>
  <!-- Settings: ESSE3 does not say whose it is. -->
  <xsl:param name="issuer-schac" as="xs:string" required="yes"/>
  <xsl:param name="issuer-title" as="xs:string" required="yes"/>
  <xsl:param name="issuer-url" as="xs:string" select="''"/>

  <xsl:variable name="tables" as="document-node()" select="doc('code-tables.xml')"/>
  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key='answers']/j:map"/>
  <xsl:variable name="rows" as="element(j:map)*" select="f:items('righe')"/>
  <xsl:variable name="kept" as="element(j:map)*" select="$rows[f:skip-rule(.) = '']"/>
  <!-- Segments whose rows were asked for: those of the learner, each once. -->
  <xsl:variable name="careers" as="element(j:map)*" select="
      for $id in distinct-values($answers[j:string[@key='question'] = 'righe']/j:string[@key='about'])
      return f:items('libretti')[f:text(., 'matId') = $id][1]"/>

  <xsl:key name="row" match="j:array[@key='answer']/j:map[*/@key = 'adsceId']" use="f:ref(.)"/>

  <xsl:mode name="learningOpportunitySpecification" on-no-match="fail"/>
  <xsl:mode name="learningOpportunityInstance" on-no-match="fail"/>
  <xsl:mode name="finding" on-no-match="fail"/>

  <xsl:template match="/">
    <xsl:if test="empty($answers[j:string[@key='question'] = 'libretti'])">
      <xsl:sequence select="f:stop('answer_unreadable', 'the answers hold none about libretti')"/>
    </xsl:if>
    <!-- ESSE3 tells an error also with 200: {"retCode": -1}. That is no empty list. -->
    <xsl:if test="exists($answers[empty(j:number[@key='status'])][not(f:is-list(.))])">
      <xsl:sequence select="f:stop('answer_unreadable', 'an answer is no list')"/>
    </xsl:if>
    <xsl:if test="exists((f:items('libretti')[empty(f:text(., 'matId'))], $rows[empty(f:text(., 'matId')) or empty(f:text(., 'adsceId'))]))">
      <xsl:sequence select="f:stop('answer_unreadable', 'a matId or adsceId is not given')"/>
    </xsl:if>
    <xsl:if test="empty($careers)">
      <xsl:sequence select="f:stop('learner_not_found', 'no career segment of the learner')"/>
    </xsl:if>
    <hub:result>
      <xsl:call-template name="learner"/>
      <xsl:if test="exists($kept)">
        <report>
          <xsl:call-template name="issuer"/>
          <xsl:for-each select="$careers[f:rows-of(.)]">
            <xsl:call-template name="career"/>
          </xsl:for-each>
          <issueDate>{$today}T00:00:00Z</issueDate>
          <xsl:for-each-group select="$kept[f:label(.)]" group-by="f:scale(.)">
            <gradingScheme localId="{current-grouping-key()}">
              <xsl:call-template name="scale"/>
            </gradingScheme>
          </xsl:for-each-group>
        </report>
      </xsl:if>
      <xsl:for-each select="$kept">
        <hub:mapped ref="{f:ref(.)}"/>
      </xsl:for-each>
      <xsl:for-each select="$rows except $kept">
        <hub:skipped ref="{f:ref(.)}" rule="{f:skip-rule(.)}"/>
      </xsl:for-each>
      <xsl:apply-templates select="$kept" mode="finding"/>
      <xsl:for-each select="$careers[f:rows-of(.)]">
        <xsl:if test="not(f:career-state(.)/@status)">
          <xsl:sequence select="f:finding((), 'programme-left-out')"/>
        </xsl:if>
        <xsl:if test="f:code(., 'tipoCorsoCod') and not(shared:has-row($tables, 'course-types', f:code(., 'tipoCorsoCod')))">
          <xsl:sequence select="f:finding((), 'course-type-not-known')"/>
        </xsl:if>
      </xsl:for-each>
      <xsl:if test="empty($kept)">
        <xsl:sequence select="f:finding((), 'no-rows')"/>
      </xsl:if>
    </hub:result>
  </xsl:template>

  <xsl:template name="learner">
    <hub:learner>
      <xsl:for-each select="distinct-values($careers ! f:text(., 'codiceFiscale') ! upper-case(.))">
        <hub:identifier type="nationalIdentifier">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="distinct-values($careers ! f:text(., 'matricola'))">
        <hub:identifier type="studentNumber">{.}</hub:identifier>
      </xsl:for-each>
      <xsl:for-each select="($careers ! f:text(., 'nome'))[1]">
        <hub:givenNames>{.}</hub:givenNames>
      </xsl:for-each>
      <xsl:for-each select="($careers ! f:text(., 'cognome'))[1]">
        <hub:familyName>{.}</hub:familyName>
      </xsl:for-each>
    </hub:learner>
  </xsl:template>

  <xsl:template name="issuer">
    <issuer>
      <country>IT</country>
      <identifier type="schac">{lower-case($issuer-schac)}</identifier>
      <title xml:lang="it">{$issuer-title}</title>
      <url>{($issuer-url[. ne ''], 'https://www.' || lower-case($issuer-schac))[1]}</url>
    </issuer>
  </xsl:template>

  <!-- A running career is a programme with its activities; of one that is over only the activities are certain. -->
  <xsl:template name="career">
    <xsl:variable name="status" select="f:career-state(.)/@status"/>
    <xsl:choose>
      <xsl:when test="$status">
        <learningOpportunitySpecification>
          <xsl:for-each select="f:text(., 'cdsCod')">
            <identifier type="local">{.}</identifier>
          </xsl:for-each>
          <title xml:lang="it">{(f:text(., 'cdsDes'), f:text(., 'cdsCod'), f:text(., 'matId'))[1]}</title>
          <type>Degree Programme</type>
          <specifies>
            <learningOpportunityInstance>
              <identifier type="local">{f:text(., 'matId')}</identifier>
              <status>{$status}</status>
              <xsl:call-template name="level"/>
            </learningOpportunityInstance>
          </specifies>
          <xsl:for-each select="f:rows-of(.)">
            <hasPart>
              <xsl:apply-templates select="." mode="learningOpportunitySpecification"/>
            </hasPart>
          </xsl:for-each>
        </learningOpportunitySpecification>
      </xsl:when>
      <xsl:otherwise>
        <xsl:apply-templates select="f:rows-of(.)" mode="learningOpportunitySpecification"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="j:map" mode="learningOpportunitySpecification">
    <learningOpportunitySpecification>
      <xsl:for-each select="f:text(., 'adCod')">
        <identifier type="local">{.}</identifier>
      </xsl:for-each>
      <title xml:lang="it">{(f:text(., 'adDes'), f:text(., 'adCod'), f:ref(.))[1]}</title>
      <type>Course</type>
      <specifies>
        <xsl:apply-templates select="." mode="learningOpportunityInstance"/>
      </specifies>
    </learningOpportunitySpecification>
  </xsl:template>

  <xsl:template match="j:map" mode="learningOpportunityInstance">
    <learningOpportunityInstance>
      <identifier type="local">{f:text(., 'adsceId')}</identifier>
      <xsl:for-each select="f:date(.)">
        <date>{.}</date>
      </xsl:for-each>
      <status>passed</status>
      <xsl:if test="exists(f:label(.))">
        <gradingSchemeLocalId>{f:scale(.)}</gradingSchemeLocalId>
        <resultLabel>{f:label(.)}</resultLabel>
      </xsl:if>
      <xsl:if test="f:in-credits(.) and f:weight(.) gt 0">
        <credit>
          <scheme>ects</scheme>
          <value>{f:weight(.)}</value>
        </credit>
      </xsl:if>
      <xsl:for-each select="f:career(.)">
        <xsl:call-template name="level"/>
      </xsl:for-each>
      <xsl:for-each select="f:languages(.)[last() = 1] ! shared:language-of-any-code(.)">
        <languageOfInstruction>{.}</languageOfInstruction>
      </xsl:for-each>
    </learningOpportunityInstance>
  </xsl:template>

  <xsl:template name="level">
    <xsl:variable name="type" select="f:code(., 'tipoCorsoCod')"/>
    <xsl:if test="shared:has-row($tables, 'course-types', $type)">
      <level>
        <type>EQF</type>
        <value>{f:row('course-types', $type)/@eqf}</value>
      </level>
    </xsl:if>
  </xsl:template>

  <xsl:template name="scale">
    <xsl:choose>
      <xsl:when test="f:evaluation(.)/@label = 'mark'">
        <description xml:lang="en">{f:text(., 'gruppoVotoMinVoto')} to {f:text(., 'gruppoVotoMaxVoto')}, where {f:text(., 'gruppoVotoMinVoto')} is the lowest pass{', and lode (honours) above the best'[f:text(current(), 'gruppoVotoLodeFlg') = '1']}</description>
      </xsl:when>
      <xsl:otherwise>
        <description xml:lang="it">{(f:text(., 'gruppoGiudDes'), 'Giudizio')[1]}</description>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What a person should know of a row that was mapped. -->

  <xsl:template match="j:map" mode="finding">
    <xsl:variable name="row" select="."/>
    <xsl:variable name="mark" select="f:outcome(.) ! f:text(., 'voto')"/>
    <xsl:variable name="honours" select="f:outcome(.) ! f:text(., 'lodeFlg') = '1'"/>
    <xsl:variable name="rules" as="xs:string*">
      <xsl:sequence select="f:recognition(.)/@finding/string()"/>
      <xsl:choose>
        <xsl:when test="not(f:in-credits(.))">weight-not-in-credits</xsl:when>
        <xsl:when test="f:weight(.) le 0">zero-weight</xsl:when>
      </xsl:choose>
      <xsl:if test="empty(f:text(., 'adDes'))">name-missing</xsl:if>
      <xsl:if test="empty(f:evaluation(.))">evaluation-not-given</xsl:if>
      <xsl:if test="f:evaluation(.)/@label and empty(f:label(.))">grade-missing</xsl:if>
      <xsl:if test="f:evaluation(.)/@label = 'mark' and exists($mark)">
        <xsl:if test="number($mark) lt number(f:text(., 'gruppoVotoMinVoto')) or number($mark) gt number(f:text(., 'gruppoVotoMaxVoto'))">grade-out-of-scale</xsl:if>
        <xsl:if test="$honours and number($mark) lt number(f:text(., 'gruppoVotoMaxVoto'))">honours-below-the-best</xsl:if>
      </xsl:if>
      <xsl:if test="empty(f:date(.))">date-missing</xsl:if>
      <xsl:if test="f:text(., 'sovranFlg') = '1'">supernumerary</xsl:if>
      <xsl:choose>
        <xsl:when test="f:whole(.)">grouping-not-passed</xsl:when>
        <xsl:when test="f:text(., 'ragId')[. ne f:text($row, 'adsceId')]">grouping-not-given</xsl:when>
      </xsl:choose>
      <xsl:if test="count(f:languages(.)) gt 1 or f:languages(.) ! empty(shared:language-of-any-code(.)) = true()">language-left-out</xsl:if>
    </xsl:variable>
    <xsl:sequence select="$rules ! f:finding($row, .)"/>
  </xsl:template>

  <!-- Rows: what a row is called, why it is left out, what it says. -->

  <!-- The same words as recordRef in register.yaml. An id is a number or a text. -->
  <xsl:function name="f:ref" as="xs:string">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:text($row, 'matId') || '/' || f:text($row, 'adsceId')"/>
  </xsl:function>

  <!-- A part counts with its whole only if the whole does; a whole that is left out for good takes its parts along. -->
  <xsl:function name="f:skip-rule" as="xs:string">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="own" select="f:own-rule($row)"/>
    <xsl:variable name="whole" select="f:whole($row)"/>
    <xsl:sequence select="
        if (exists(key('row', f:ref($row), root($row))[. &lt;&lt; $row])) then 'duplicate-row'
        else if ($own ne '' or empty($whole) or f:is-open($whole)) then $own
        else (f:own-rule($whole)[. ne ''], 'part-of-grouping')[1]"/>
  </xsl:function>

  <!-- The rule that leaves a row out whatever else there is. -->
  <xsl:function name="f:own-rule" as="xs:string">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="string((
        f:row('row-states', f:code($row, 'stato'))/@skip,
        'outcome-negative'[f:is-open($row)],
        f:recognition($row)/@skip,
        'learning-debt'[(f:text($row, 'debitoFlg'), f:text($row, 'ofaFlg')) = '1'])[1])"/>
  </xsl:function>

  <!-- Not passed, or not yet. -->
  <xsl:function name="f:is-open" as="xs:boolean">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="exists(f:row('row-states', f:code($row, 'stato'))/@skip) or f:outcome($row) ! f:text(., 'supEsaFlg') = '0'"/>
  </xsl:function>

  <!-- The grouping that a row is a part of, if it is there. -->
  <xsl:function name="f:whole" as="element(j:map)?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:text($row, 'ragId')[. ne f:text($row, 'adsceId')] ! key('row', f:text($row, 'matId') || '/' || ., root($row))[1]"/>
  </xsl:function>

  <xsl:function name="f:recognition" as="element(row)">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:row('recognitions', f:text($row, 'ricId'))"/>
  </xsl:function>

  <xsl:function name="f:outcome" as="element(j:map)?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="$row/j:map[@key='esito']"/>
  </xsl:function>

  <xsl:function name="f:evaluation" as="element(row)?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:outcome($row) ! f:code(., 'modValCod') ! f:row('evaluations', .)"/>
  </xsl:function>

  <xsl:function name="f:label" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="outcome" select="f:outcome($row)"/>
    <xsl:variable name="kind" select="f:evaluation($row)/@label"/>
    <xsl:sequence select="
        if ($kind = 'mark') then f:text($outcome, 'voto') ! (shared:decimal(.) || ' e lode'[f:text($outcome, 'lodeFlg') = '1'])
        else if ($kind = 'judgement') then (f:text($outcome, 'tipoGiudDes'), f:text($outcome, 'tipoGiudCod'))[1]
        else ()"/>
  </xsl:function>

  <!-- A scale is what a row says of it: its bounds, or the group of its judgements. -->
  <xsl:function name="f:scale" as="xs:string">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="
        if (f:evaluation($row)/@label = 'mark')
        then string-join(('voto', f:text($row, 'gruppoVotoMinVoto'), f:text($row, 'gruppoVotoMaxVoto'), 'lode'[f:text($row, 'gruppoVotoLodeFlg') = '1']), '-')
        else string-join(('giudizio', f:text($row, 'gruppoGiudCod')), '-')"/>
  </xsl:function>

  <!-- dd/MM/yyyy; some services add a midnight. -->
  <xsl:function name="f:date" as="xs:string?">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:for-each select="f:outcome($row) ! f:text(., 'dataEsa')">
      <xsl:variable name="day" select="replace(., '^([0-9]{2})/([0-9]{2})/([0-9]{4})( 00:00:00)?$', '$3-$2-$1')"/>
      <xsl:if test="not($day castable as xs:date)">
        <xsl:sequence select="f:stop('answer_unreadable', 'a dataEsa is not written as dd/MM/yyyy')"/>
      </xsl:if>
      <xsl:sequence select="$day"/>
    </xsl:for-each>
  </xsl:function>

  <xsl:function name="f:weight" as="xs:decimal">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="weight" select="f:text($row, 'peso')"/>
    <xsl:if test="not($weight castable as xs:decimal)">
      <xsl:sequence select="f:stop('answer_unreadable', 'a peso is no decimal')"/>
    </xsl:if>
    <xsl:sequence select="xs:decimal($weight)"/>
  </xsl:function>

  <xsl:function name="f:in-credits" as="xs:boolean">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="f:row('weight-units', f:code(f:career($row), 'umPesoCod'))/@ects = 'true'"/>
  </xsl:function>

  <xsl:function name="f:languages" as="xs:string*">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:sequence select="distinct-values($answers[j:string[@key='question'] = 'partizioni'][j:string[@key='about'] = f:text($row, 'adsceId')]
        /j:array[@key='answer']/j:map ! f:text(., 'linguaDidCod'))"/>
  </xsl:function>

  <!-- Careers. -->

  <xsl:function name="f:career" as="element(j:map)">
    <xsl:param name="row" as="element(j:map)"/>
    <xsl:variable name="career" select="$careers[f:text(., 'matId') = f:text($row, 'matId')]"/>
    <xsl:if test="empty($career)">
      <xsl:sequence select="f:stop('answer_unreadable', 'a row belongs to no career segment of the learner')"/>
    </xsl:if>
    <xsl:sequence select="$career[1]"/>
  </xsl:function>

  <xsl:function name="f:rows-of" as="element(j:map)*">
    <xsl:param name="career" as="element(j:map)"/>
    <xsl:sequence select="$kept[f:career(.) is $career]"/>
  </xsl:function>

  <xsl:function name="f:career-state" as="element(row)">
    <xsl:param name="career" as="element(j:map)"/>
    <xsl:sequence select="f:row('career-states', f:code($career, 'staStuCod'))"/>
  </xsl:function>

  <!-- Small things. -->

  <xsl:function name="f:items" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key='question'] = $question]/j:array[@key='answer']/j:map"/>
  </xsl:function>

  <xsl:function name="f:is-list" as="xs:boolean">
    <xsl:param name="answer" as="element(j:map)"/>
    <xsl:sequence select="exists($answer/j:array[@key='answer'][empty(* except j:map)])"/>
  </xsl:function>

  <!-- A value's text; null and an empty one are as good as none. -->
  <xsl:function name="f:text" as="xs:string?">
    <xsl:param name="thing" as="element(j:map)?"/>
    <xsl:param name="key" as="xs:string"/>
    <xsl:sequence select="$thing/(j:string | j:number | j:boolean)[@key = $key] ! normalize-space()[. ne '']"/>
  </xsl:function>

  <!-- Some releases wrap a code: "stato": {"value": "S"}. -->
  <xsl:function name="f:code" as="xs:string?">
    <xsl:param name="thing" as="element(j:map)"/>
    <xsl:param name="key" as="xs:string"/>
    <xsl:sequence select="(f:text($thing, $key), f:text($thing/j:map[@key = $key], 'value'))[1]"/>
  </xsl:function>

  <xsl:function name="f:row" as="element(row)">
    <xsl:param name="table" as="xs:string"/>
    <xsl:param name="code" as="xs:string?"/>
    <xsl:sequence select="shared:row($tables, $table, $code)"/>
  </xsl:function>

  <xsl:function name="f:finding" as="element(hub:finding)">
    <xsl:param name="row" as="element(j:map)?"/>
    <xsl:param name="rule" as="xs:string"/>
    <hub:finding rule="{$rule}" severity="{f:row('finding-rules', $rule)/@severity}">
      <xsl:if test="exists($row)">
        <xsl:attribute name="ref" select="f:ref($row)"/>
      </xsl:if>
    </hub:finding>
  </xsl:function>

  <xsl:function name="f:stop" as="item()*">
    <xsl:param name="code" as="xs:string"/>
    <xsl:param name="text" as="xs:string"/>
    <xsl:message terminate="yes" error-code="{$code}">{$text}</xsl:message>
  </xsl:function>

</xsl:stylesheet>
